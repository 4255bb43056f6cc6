import { randomBytes } from 'node:crypto';

/** A multipart/form-data body of one file part, with its exact length known before the first byte is read. */
export type MultipartBody = {
  readonly contentType: string;
  readonly contentLength: number;
  bytes(): AsyncGenerator<Uint8Array>;
};

export type MultipartFile = {
  readonly field: string;
  readonly filename: string;
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
};

/** Frames one file part. Where the bytes end early their error ends the body too: the closing boundary is withheld. */
export const multipartBody = ({ field, filename, size, read }: MultipartFile): MultipartBody => {
  // 144 random bits: no file holds it by chance, so the bytes need no look.
  const boundary = `oai-upload-${randomBytes(18).toString('hex')}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: head.length + size + tail.length,
    async *bytes() {
      yield head;
      yield* read();
      yield tail;
    },
  };
};
