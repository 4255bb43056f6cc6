import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const alphanumerics = (length: number): string =>
  Array.from(randomBytes(length), byte => ALPHABET[byte % ALPHABET.length]).join('');

export const newUploadId = (): string => `upload_${alphanumerics(24)}`;
export const newPartId = (): string => `part_${alphanumerics(24)}`;
export const newFileId = (): string => `file-${alphanumerics(24)}`;
export const newRequestId = (): string => `req_${randomBytes(16).toString('hex')}`;

/** Only such ids ever become paths. */
export const isId = (prefix: 'upload_' | 'part_' | 'file-', id: string): boolean =>
  id.startsWith(prefix) && /^[A-Za-z0-9]{24}$/.test(id.slice(prefix.length));

/** An Upload's File has the Upload's own letters, so that completing twice can never make two Files. */
export const fileIdOf = (uploadId: string): string => uploadId.replace('upload_', 'file-');
