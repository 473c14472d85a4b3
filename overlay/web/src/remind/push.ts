/**
 * The service worker of reminders: it shows the messages that the server sends over Web Push, and does nothing else. It is served at
 * /reminder-worker.js, so that it may open the watch pages.
 */
interface Shown {
  readonly title: string;
  readonly body: string;
  /** A path of this server. */
  readonly url: string;
  /** A message takes the place of the one before. */
  readonly tag: string;
}

type Scope = EventTarget & {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow(url: string): Promise<unknown> };
};
type Lasting = Event & { waitUntil(work: Promise<unknown>): void };

const worker = globalThis as unknown as Scope;

worker.addEventListener('push', (e) => {
  const { data } = e as Event & { data?: { json(): Shown } };
  if (!data) return;
  const { title, body, url, tag } = data.json();
  (e as Lasting).waitUntil(worker.registration.showNotification(title, { body, tag, data: url }));
});

worker.addEventListener('notificationclick', (e) => {
  const { notification } = e as Event & { notification: Notification };
  notification.close();
  (e as Lasting).waitUntil(worker.clients.openWindow(new URL(String(notification.data), location.origin).href));
});
