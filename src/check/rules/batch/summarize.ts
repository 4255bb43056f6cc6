import { isObject, type JsonObject } from '../../json/object.ts';
import type { SummaryWriter } from '../../summary.ts';

/** Counts what a request holds. */
export function summarize({ custom_id: id, method, url, body }: JsonObject, summary: SummaryWriter): void {
  for (const text of [id, method, url]) if (typeof text === 'string') summary.notText(text.length);
  if (typeof url === 'string') summary.url(url);
  if (!isObject(body)) return;
  const { model, messages, input } = body;
  if (typeof model === 'string') {
    summary.model(model);
    summary.notText(model.length);
  }
  countMessages(messages, summary);
  countMessages(input, summary);
}

function countMessages(messages: unknown, summary: SummaryWriter): void {
  if (!Array.isArray(messages)) return;
  for (const message of messages) {
    if (!isObject(message)) continue;
    if (typeof message['role'] === 'string') summary.role(message['role']);
    if (Array.isArray(message['content'])) countImages(message['content'], summary);
  }
}

/** Parts of chat completions, and of responses. */
function countImages(parts: readonly unknown[], summary: SummaryWriter): void {
  for (const part of parts)
    if (isObject(part) && (part['type'] === 'image_url' || part['type'] === 'input_image')) summary.image();
}
