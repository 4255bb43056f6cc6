import { parseFile, parseFilePage } from '../core/api.ts';
import { UploadError } from '../core/errors.ts';
import type { UploadId } from '../core/part.ts';
import type { UploadsApi } from '../core/ports.ts';
import type { UploadRequest } from '../core/request.ts';
import { believeCompleted, believeCreated, believeFile, believePart, believeUpload } from './believe.ts';
import { type HttpReply, malformedReply, parseJson, statusFailure } from './http-failure.ts';
import { type Call, createSender } from './http-sender.ts';
import { multipartBody } from './multipart.ts';
import { createServerClock } from './server-clock.ts';

export type ApiOptions = {
  readonly baseUrl: string;
  readonly key: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
};

/** The Uploads and Files API over HTTP. */
export const createUploadsApi = (options: ApiOptions): UploadsApi => {
  const clock = createServerClock();
  const { send, stream } = createSender({ ...options, headers: headersOf(options), onDate: clock.learn });

  const ask = async <T>(
    call: Call,
    believe: (json: unknown, reply: HttpReply) => T,
    signal: AbortSignal,
  ): Promise<T> => {
    const reply = await send(call, signal);
    if (reply.status < 200 || reply.status > 299) throw statusFailure(call.endpoint, reply, clock.now());
    try {
      return believe(parseJson(reply.body), reply);
    } catch (error) {
      if (error instanceof UploadError) throw error;
      throw malformedReply(call.endpoint, reply, error instanceof Error ? error.message : String(error));
    }
  };
  const post = (endpoint: Call['endpoint'], id: UploadId, verb: string) =>
    ({ endpoint, method: 'POST', path: `/uploads/${encodeURIComponent(id)}/${verb}` }) as const;

  return {
    now: clock.now,
    create: (request, signal) =>
      ask(
        { endpoint: 'create', method: 'POST', path: '/uploads', json: createBody(request) },
        json => believeCreated(json, request),
        signal,
      ),
    addPart: (id, { part, read }, signal) => {
      const filename = `part-${String(part.number).padStart(5, '0')}`;
      const multipart = multipartBody({ field: 'data', filename, size: part.size, read });
      return ask(
        { ...post('part', id, 'parts'), multipart },
        (json, { status, header }) => ({
          id: believePart(json, id),
          httpStatus: status,
          requestId: header('x-request-id'),
        }),
        signal,
      );
    },
    complete: (id, partIds, { md5, bytes }, signal) => {
      const json = { part_ids: partIds, ...(md5 !== undefined && { md5 }) };
      return ask(
        { ...post('complete', id, 'complete'), json },
        reply => ({ file: believeCompleted(reply, id, bytes) }),
        signal,
      );
    },
    cancel: (id, signal) => ask(post('cancel', id, 'cancel'), json => believeUpload(json, id), signal),
    files: ({ purpose, after, limit }, signal) => {
      const query = new URLSearchParams({
        purpose,
        order: 'desc',
        ...(after && { after }),
        ...(limit && { limit: String(limit) }),
      });
      return ask({ endpoint: 'files', method: 'GET', path: `/files?${query}` }, parseFilePage, signal);
    },
    file: (id, signal) =>
      ask({ endpoint: 'file', method: 'GET', path: `/files/${encodeURIComponent(id)}` }, parseFile, signal),
    poll: (id, signal) =>
      ask(
        { endpoint: 'file', method: 'GET', path: `/files/${encodeURIComponent(id)}` },
        (json, reply) => ({ file: believeFile(json, id), againMs: pollAfterMs(reply) }),
        signal,
      ),
    content: (id, signal) =>
      stream({ endpoint: 'content', method: 'GET', path: `/files/${encodeURIComponent(id)}/content` }, signal),
  };
};

/** Within reason: a hint of a minute is obeyed, one of a day is not. */
const pollAfterMs = ({ header }: HttpReply): number | undefined => {
  const ms = Number(header('openai-poll-after-ms') || Number.NaN);
  return ms >= 0 ? Math.min(ms, 60_000) : undefined;
};

/** Who asks, for whom. */
export const headersOf = ({ key, organization, project, userAgent }: ApiOptions): Record<string, string> => ({
  authorization: `Bearer ${key}`,
  'user-agent': userAgent,
  accept: 'application/json',
  ...(organization && { 'openai-organization': organization }),
  ...(project && { 'openai-project': project }),
});

const createBody = ({ filename, purpose, bytes, mimeType, expiresAfterSeconds }: UploadRequest) => ({
  filename,
  purpose,
  bytes,
  mime_type: mimeType,
  ...(expiresAfterSeconds !== undefined && { expires_after: { anchor: 'created_at', seconds: expiresAfterSeconds } }),
});
