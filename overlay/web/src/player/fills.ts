/** Whether this viewer wants pictures to fill the stage. With an argument it saves the wish, if the browser allows it. */
export function fills(wish?: boolean): boolean {
  try {
    if (wish !== undefined) localStorage.setItem('mediad-fill', wish ? '1' : '');
    return localStorage.getItem('mediad-fill') === '1';
  } catch {
    return false;
  }
}
