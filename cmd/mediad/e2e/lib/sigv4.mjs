// Requests signed for S3 (AWS Signature Version 4): what an operator does with
// the aws command.
import { createHash, createHmac } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** Puts the body under a subresource ("policy", "cors") of a bucket. */
export async function putBucket(s3, what, body) {
  const url = new URL(`${s3.endpoint}/${s3.bucket}?${what}=`);
  const stamp = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const scope = `${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const headers = {
    'content-md5': createHash('md5').update(body).digest('base64'),
    host: url.host, 'x-amz-content-sha256': sha256(body), 'x-amz-date': stamp,
  };
  const names = Object.keys(headers).sort();
  const request = ['PUT', url.pathname, `${what}=`, ...names.map((n) => `${n}:${headers[n]}`), '', names.join(';'), headers['x-amz-content-sha256']].join('\n');
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce((k, part) => hmac(k, part), `AWS4${s3.credentials.AWS_SECRET_ACCESS_KEY}`);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const answer = await fetch(url, {
    method: 'PUT', body,
    headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${s3.credentials.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` },
  });
  if (!answer.ok) throw new Error(`put ${what}: ${answer.status} ${await answer.text()}`);
}
