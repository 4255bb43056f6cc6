import { UploadError, usageError } from '../../core/errors/errors.ts';
import { WrongReply } from '../../core/errors/wrong-reply.ts';
import { parseFile, parseFilePage } from '../../core/model/api.ts';
import type { ApiKey } from '../../core/model/api-key.ts';
import type { Destination } from '../../core/model/destination.ts';
import { isId } from '../../core/model/ids.ts';
import type { FileId, UploadId } from '../../core/model/part.ts';
import type { UploadRequest } from '../../core/model/request.ts';
import { addSecret, withoutSecrets } from '../../core/policy/secrets.ts';
import type { AcceptedPart, PartBody, UploadsApi } from '../../core/ports.ts';
import type { Call } from '../http/call.ts';
import type { RequestLog } from '../http/exchange.ts';
import { malformedReply, statusFailure } from '../http/failure.ts';
import { multipartBody } from '../http/multipart.ts';
import { type HttpReply, isSuccess } from '../http/reply.ts';
import { createSender, type Sender } from '../http/sender.ts';
import { createServerClock, type ServerClock } from '../http/server-clock.ts';
import { isPage, parseJson } from '../http/server-words.ts';
import type { Connecting } from '../net/agents.ts';
import { createRoute, type Route } from './route.ts';
import { believeCompleted, believeCreated, believeFile, believePart, believeUpload } from './validate-reply.ts';

export type ApiOptions = Connecting & {
  readonly kind: Destination['kind'];
  readonly baseUrl: string;
  readonly key: ApiKey;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly userAgent: string;
  /** The user's own, names in lower case: they win over ours. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly stallTimeoutMs: number;
  readonly completeTimeoutMs: number;
  readonly log?: RequestLog | undefined;
};

/** The Uploads and Files API over HTTP, until its connections are closed. */
export const createUploadsApi = (options: ApiOptions): UploadsApi & { close(): void } => {
  const clock = createServerClock();
  const route = createRoute(options.kind, options.baseUrl);
  const { ask, stream, roundTripMs, close } = createAsker({ ...options, ...route }, clock);
  return {
    now: clock.now,
    roundTripMs,
    classic: route.classic,
    useClassic: route.useClassic,
    create: (request, signal) => {
      const call = { endpoint: 'create', method: 'POST', path: '/uploads', json: createBody(request) } as const;
      const attempt = () => ask(call, json => believeCreated(json, request), signal);
      // The classic API would not keep what it does not know.
      return request.expiresAfterSeconds === undefined ? route.tryBoth(attempt) : attempt();
    },
    addPart: (id, body, signal) =>
      ask({ ...post('part', id, 'parts'), multipart: partForm(body) }, acceptedPart(id), signal),
    complete: (id, partIds, { md5, bytes }, signal) => {
      const json = { part_ids: partIds, ...(md5 !== undefined && { md5 }) };
      const believe = (reply: unknown) => ({ file: believeCompleted(reply, id, bytes) });
      return ask({ ...post('complete', id, 'complete'), json }, believe, signal);
    },
    cancel: (id, signal) => ask(post('cancel', id, 'cancel'), json => believeUpload(json, id), signal),
    files: (query, signal) => ask({ endpoint: 'files', method: 'GET', path: filesPath(query) }, parseFilePage, signal),
    file: (id, signal) => ask(getFile(id), parseFile, signal),
    poll: (id, signal) => {
      const believe = (json: unknown, reply: HttpReply) => ({
        file: believeFile(json, id),
        againMs: pollAfterMs(reply),
      });
      return ask(getFile(id), believe, signal);
    },
    content: (id, signal) => stream({ endpoint: 'content', method: 'GET', path: `${filePath(id)}/content` }, signal),
    close,
  };
};

const partForm = ({ part, read }: PartBody) =>
  multipartBody({ field: 'data', filename: `part-${String(part.number).padStart(5, '0')}`, size: part.size, read });

const acceptedPart =
  (id: UploadId) =>
  (json: unknown, { status, header }: HttpReply): AcceptedPart => ({
    id: believePart(json, id),
    httpStatus: status,
    requestId: header('x-request-id'),
  });

/** Calls of the API, as yet unanswered; `onDate` is told the `Date` of every answer. */
export const createApiSender = (options: SenderOptions, onDate: (dateMs: number) => void): Sender => {
  for (const secret of secretsOf(options)) addSecret(secret);
  return createSender({
    ...options,
    headers: headersOf(options),
    secretHeaders: new Set(Object.keys(options.headers ?? {})),
    scrub: withoutSecrets,
    log: options.log,
    onDate,
  });
};

type SenderOptions = Omit<ApiOptions, 'baseUrl' | 'kind'> & Pick<Route, 'baseUrl'>;

/** Headers whose values are secret by their name. */
const SECRET_HEADER = /auth|api-?key|cookie|token|secret|password|credential|signature/i;

const secretsOf = ({ key, headers = {}, proxy }: SenderOptions): readonly (string | undefined)[] => [
  key.now(),
  ...Object.entries(headers).flatMap(([name, value]) =>
    SECRET_HEADER.test(name) ? [value, value.replace(/^\S+ /, '')] : [],
  ),
  ...proxySecrets(proxy?.authorization),
];

/** The password of a proxy, and its credentials as they are sent. */
const proxySecrets = (authorization = ''): readonly (string | undefined)[] => {
  const encoded = authorization.replace(/^Basic /, '');
  return [encoded, Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':')];
};

/** Calls whose replies are believed, or refused as what they are. */
const createAsker = (options: SenderOptions, clock: ServerClock) => {
  const { send, stream, roundTripMs, close } = createApiSender(options, clock.learn);
  const ask = async <T>(
    call: Call,
    believe: (json: unknown, reply: HttpReply) => T,
    signal: AbortSignal,
  ): Promise<T> => {
    const reply = await send(call, signal);
    if (!isSuccess(reply.status)) throw statusFailure(call.endpoint, reply, clock.now());
    const json = jsonOf(call, reply);
    try {
      return believe(json, reply);
    } catch (error) {
      if (error instanceof UploadError) throw error;
      // Whatever else a reply does to its readers is the reply's fault: what the server did is still to be found out.
      throw malformedReply(call.endpoint, reply, error instanceof WrongReply ? error.message : 'it cannot be read');
    }
  };
  return { ask, stream, roundTripMs, close };
};

function jsonOf({ endpoint }: Call, reply: HttpReply): unknown {
  if (reply.cut) throw malformedReply(endpoint, reply, 'it does not end');
  const json = parseJson(reply.body);
  if (json !== undefined) return json;
  throw malformedReply(endpoint, reply, isPage(reply.body) ? 'it is a web page, not JSON' : 'it is not JSON');
}

const post = (endpoint: Call['endpoint'], id: UploadId, verb: string) =>
  ({ endpoint, method: 'POST', path: `/uploads/${inPath(id)}/${verb}` }) as const;

const filePath = (id: FileId): string => `/files/${inPath(id)}`;

/** An id as one segment of a path. Encoding alone would leave `..` what it is. */
const inPath = (id: FileId | UploadId): string => {
  if (!isId(id)) throw usageError(`"${id}" is not an id`, 'ids look like file-abc123 or upload_abc123');
  return encodeURIComponent(id);
};

const getFile = (id: FileId) => ({ endpoint: 'file', method: 'GET', path: filePath(id) }) as const;

/** Within reason: a hint of a minute is obeyed, one of a day is not. */
const pollAfterMs = ({ header }: HttpReply): number | undefined => {
  const ms = Number(header('openai-poll-after-ms') || Number.NaN);
  return ms >= 0 ? Math.min(ms, 60_000) : undefined;
};

const filesPath = ({ purpose, after, limit }: Parameters<UploadsApi['files']>[0]): string => {
  const more = { ...(after && { after }), ...(limit && { limit: String(limit) }) };
  return `/files?${new URLSearchParams({ purpose, order: 'desc', ...more })}`;
};

const headersOf = ({
  key,
  organization,
  project,
  userAgent,
  headers,
}: SenderOptions): (() => Record<string, string>) => {
  const others = {
    'user-agent': userAgent,
    accept: 'application/json',
    ...(organization && { 'openai-organization': organization }),
    ...(project && { 'openai-project': project }),
  };
  const bearer = key.header === 'authorization' ? 'Bearer ' : '';
  return () => ({ [key.header]: `${bearer}${key.now()}`, ...others, ...headers });
};

const createBody = ({ filename, purpose, bytes, mimeType, expiresAfterSeconds }: UploadRequest) => ({
  filename,
  purpose,
  bytes,
  mime_type: mimeType,
  ...(expiresAfterSeconds !== undefined && { expires_after: { anchor: 'created_at', seconds: expiresAfterSeconds } }),
});
