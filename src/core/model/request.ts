import { type Destination, destinationKey } from './destination.ts';

/** The request of `create`. */
export type UploadRequest = {
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly mimeType: string;
  /** Life of the resulting File, not of the Upload. */
  readonly expiresAfterSeconds?: number | undefined;
};

/** A destination as text, to compare by. */
export const destinationIdentity = (destination: Destination): string => JSON.stringify(destinationKey(destination));

/** What makes two pushes the same upload, whatever the size of the file has become. */
export const requestIdentity = (destination: Destination, request: Omit<UploadRequest, 'bytes'>): string =>
  JSON.stringify([
    ...destinationKey(destination),
    request.filename,
    request.purpose,
    request.mimeType,
    request.expiresAfterSeconds ?? 0,
  ]);
