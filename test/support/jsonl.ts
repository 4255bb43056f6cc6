import { open } from 'node:fs/promises';

/** A valid line of a batch file. */
export const batchLine = (number: number, text = 'Say hello.'): string =>
  JSON.stringify({
    custom_id: `request-${number}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] },
  });

/** A batch file of so many lines, each of about so many bytes. */
export const batchFile = (lines: number, lineBytes = 200): string =>
  Array.from({ length: lines }, (_, index) => `${batchLine(index + 1, 'x'.repeat(lineBytes))}\n`).join('');

/** What breaks one line: not JSON at all. */
export const BROKEN = '{"custom_id": "broken", "method": "POST"\n';

/** A valid example of a fine-tuning file in the chat format. */
export const chatLine = (text = 'Hello.'): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: 'Hello. How can I help?' },
    ],
  });

/** A fine-tuning file of at least so many bytes: the same block of lines again and again. */
export async function fineTuneFile(path: string, bytes: number): Promise<string> {
  const line = `${chatLine('x'.repeat(1000))}\n`;
  const block = Buffer.from(line.repeat(Math.ceil(Math.min(bytes, BLOCK_BYTES) / line.length)));
  await using file = await open(path, 'w');
  for (let done = 0; done < bytes; done += block.length) await file.write(block);
  return path;
}

const BLOCK_BYTES = 4 * 1024 ** 2;
