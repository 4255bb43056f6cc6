import { UploadError } from '../core/errors/errors.ts';
import { RequestError } from '../core/errors/request-error.ts';
import { holdsSecret, withoutSecrets } from '../core/policy/secrets.ts';

/** The same error where it holds no secret, else one without: in its sentence, its result and what caused it. */
export const withoutSecretsIn = (error: UploadError): UploadError => {
  const clean = (cause: unknown): unknown => {
    if (cause instanceof RequestError) return new RequestError(cleaned(cause.failure), clean(cause.cause));
    // Any other error may hold anything.
    return cause instanceof Error && holdsSecret(`${cause.message}${cause.stack ?? ''}`) ? undefined : cause;
  };
  return new UploadError(error.code, withoutSecrets(error.message), {
    ...cleaned({ ...error, reason: error.reason }),
    cause: clean(error.cause),
  });
};

const cleaned = <T extends object>(value: T): T => {
  const text = JSON.stringify(value);
  return holdsSecret(text) ? (JSON.parse(withoutSecrets(text)) as T) : value;
};
