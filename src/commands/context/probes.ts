import { destinationOf, isAzure, keyPlaceOf } from '../../cli/connection/connection.ts';
import { proxyFor } from '../../cli/connection/proxy.ts';
import type { World } from '../../cli/process-context.ts';
import { type ApiKey, fixedKey } from '../../core/model/api-key.ts';
import { accountOf } from '../../core/model/destination.ts';
import type { Probes } from '../../doctor/probes.ts';
import { type EngineValues, engineSettings } from '../../engine/settings.ts';
import { fetchModels } from '../../io/api/models-api.ts';
import { type ApiOptions, createApiSender, createUploadsApi } from '../../io/api/uploads-api.ts';
import { lookUp, type Patience, tryConnection, tryHandshake, tryTunnel } from '../../io/net/probe-line.ts';
import type { SecureContext } from '../../io/net/secure-context.ts';
import { probeFolder } from '../../io/state/probe-folder.ts';
import { printable } from '../../report/text/text.ts';
import { type GlobalValues, stateDirOf } from './globals.ts';
import { openRequestSink } from './request-log.ts';
import { certificatesFor, keyFor } from './target.ts';

/** The looks at this machine's settings, its line and the server, as a push would find them. */
export const openProbes = (globals: GlobalValues, values: EngineValues, world: World): Probes => {
  const { env, signal } = world;
  const patience = { timeoutMs: engineSettings(values).connectTimeoutMs, signal };
  const destination = () => destinationOf(globals, env);
  const found: Found = { key: fixedKey(''), secureContext: undefined };
  let skewMs: number | undefined;
  const options = (): ApiOptions => apiOptions(found, globals, values, world);
  return {
    key: async () => {
      const azure = isAzure(globals, env);
      found.key = await keyFor(azure, globals, world);
      return keyPlaceOf(globals, azure, env).told;
    },
    baseUrl: () => new URL(destination().baseUrl),
    proxy: async target => {
      const proxy = proxyFor(target, globals.proxy, env);
      // Here, since a proxy may be spoken to over TLS, too.
      found.secureContext = await certificatesFor(globals, env);
      return proxy && new URL(proxy.origin);
    },
    lookUp: host => lookUp(host, patience),
    connect: (host, port) => tryConnection(host, port, patience),
    shakeHands: (target, note) => shakeHands(target, options(), patience, note),
    models: () =>
      fetchModels(
        createApiSender({ ...options(), baseUrl: () => destination().baseUrl }, dateMs => {
          // Whole seconds, cut off: half of one is the likeliest that is missing.
          skewMs = dateMs + 500 - Date.now();
        }),
        signal,
      ),
    skewMs: () => skewMs,
    stateFolder: () => probeFolder(stateDirOf(globals, world)),
    api: () => createUploadsApi(options()),
  };
};

/** What one look found for those after it. */
type Found = { key: ApiKey; secureContext: SecureContext | undefined };

const apiOptions = (
  { key, secureContext }: Found,
  globals: GlobalValues,
  values: EngineValues,
  { env, version, stderr }: World,
): ApiOptions => {
  const { connectTimeoutMs, stallTimeoutMs, completeTimeoutMs } = engineSettings(values);
  const destination = destinationOf(globals, env);
  const { kind, baseUrl } = destination;
  const sink = openRequestSink(globals, {
    notice: text => void (globals.quiet || stderr.write(`${printable(text)}\n`)),
  });
  return {
    kind,
    baseUrl,
    key,
    ...accountOf(destination),
    userAgent: `oai-upload/${version}`,
    headers: globals.header,
    proxy: proxyFor(new URL(baseUrl), globals.proxy, env),
    secureContext,
    connectTimeoutMs,
    stallTimeoutMs,
    completeTimeoutMs,
    log: sink && { ...sink, attemptNumber: () => 1 },
  };
};

async function shakeHands(
  { hostname, port }: URL,
  { proxy, secureContext }: ApiOptions,
  patience: Patience,
  note: Parameters<Probes['shakeHands']>[1],
): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = Number(port || 443);
  const route = proxy && { proxy, secureContext, timeoutMs: patience.timeoutMs };
  const socket = route && (await tryTunnel(route, `${hostname}:${number}`, patience));
  const options = { port: number, ...(secureContext && { secureContext }), ...(socket && { socket }) };
  await tryHandshake(host, options, patience, note);
}
