type Details = {
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A refusal, to be answered in OpenAI's shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly details: Details;

  constructor(status: number, message: string, details: Details = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** The exchange is over without an answer: the client is gone, or we hung up on it. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** 400 about one field. */
export const badField = (param: string, message: string, code = 'invalid_value'): ApiError =>
  new ApiError(400, message, { param, code });

/** The body that OpenAI's errors have. */
export const errorBody = (message: string, { type, param, code }: Details): object => ({
  error: { message, type: type ?? 'invalid_request_error', param: param ?? null, code: code ?? null },
});
