/** Where an upload lives: the same file sent elsewhere is another upload. */
export type Destination = {
  readonly baseUrl: string;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
};

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
export const destinationIdentity = ({ baseUrl, organization = '', project = '' }: Destination): string =>
  JSON.stringify([baseUrl, organization, project]);

/** What makes two pushes the same upload, whatever the size of the file has become. */
export const requestIdentity = (destination: Destination, request: Omit<UploadRequest, 'bytes'>): string =>
  JSON.stringify([
    destination.baseUrl,
    destination.organization ?? '',
    destination.project ?? '',
    request.filename,
    request.purpose,
    request.mimeType,
    request.expiresAfterSeconds ?? 0,
  ]);
