/** What a whole reply looks like to the code that classifies it. */
export type HttpReply = {
  readonly status: number;
  /** Without secrets. */
  readonly body: string;
  /** The body is longer than the limit: this is its beginning. */
  readonly cut?: boolean;
  /** Of the API that the request was for. */
  readonly baseUrl?: string;
  /** What this side knows of why it was refused. */
  readonly trouble?: string | undefined;
  header(name: string): string | undefined;
};

export const isSuccess = (status = 0): boolean => status >= 200 && status <= 299;
