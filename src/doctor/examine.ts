import { type CheckResult, createExamination, type Examination, type Outcome } from './examination.ts';
import {
  baseUrlFinding,
  clockFinding,
  daysLeft,
  modelsFinding,
  rateFinding,
  stateFinding,
  stateTrouble,
  tlsFinding,
} from './findings.ts';
import { measureRate } from './measure-rate.ts';
import type { Handshake, Probes, Words } from './probes.ts';

export type Examining = {
  readonly probes: Probes;
  readonly words: Words;
  /** Whether a trial upload is made. */
  readonly upload: boolean;
  /** Milliseconds that only ever grow. */
  now(): number;
  tell(result: CheckResult): void;
};

/** Looks at all that an upload from here needs, in order. The exit code is that of what failed first. */
export const examine = async (examining: Examining, signal: AbortSignal): Promise<number> => {
  const examination = createExamination(examining.tell, signal);
  const { probes, words } = examining;
  const key = await examination.check('key', {}, async () => {
    const source = await probes.key();
    return [{ verdict: 'ok', message: `given by ${source}` }, source];
  });
  const line = await examineLine(examination, probes);
  const models = await examination.check('models', { key, line }, async (_, note) => {
    const found = await probes.models();
    note({ models: found.count ?? null });
    return [modelsFinding(found), undefined];
  });
  await examination.check('clock', {}, async (_, note) => {
    const skewMs = probes.skewMs();
    note({ skew_ms: skewMs ?? null });
    return [clockFinding(skewMs, words), undefined];
  });
  await examineState(examination, examining);
  await examineUpload(examination, models, examining, signal);
  return examination.failure()?.exitCode ?? 0;
};

/** The way to the server, as far as it needs no key. */
async function examineLine(examination: Examination, probes: Probes): Promise<Outcome<URL>> {
  const url = await examination.check('base-url', {}, async (_, note) => {
    const found = probes.baseUrl();
    note({ base_url: found.href });
    return [baseUrlFinding(found), found];
  });
  const hop = await examination.check('proxy', { url }, async (values, note) => {
    const proxy = await probes.proxy(values.url);
    note({ proxy: proxy?.host ?? null });
    return [{ verdict: 'ok', message: proxy ? proxy.host : 'none' }, proxy ?? values.url];
  });
  const host = await examineHost(examination, probes, hop);
  const connection = await examineConnection(examination, probes, hop, host);
  return examination.check('tls', { url, connection }, async (values, note) => {
    if (values.url.protocol === 'http:')
      return [{ verdict: 'skipped', message: 'the base URL is http://' }, values.url];
    let handshake: Handshake | undefined;
    await probes.shakeHands(values.url, made => {
      handshake = made;
      note(tlsFacts(made));
    });
    return [tlsFinding(handshake?.protocol ?? 'TLS', handshake?.chain ?? [], Date.now()), values.url];
  });
}

const examineHost = (examination: Examination, probes: Probes, hop: Outcome<URL>): Promise<Outcome<string>> =>
  examination.check('dns', { hop }, async (values, note) => {
    const host = values.hop.hostname.replace(/^\[|\]$/g, '');
    if (/^[\d.]+$|:/.test(host)) return [{ verdict: 'ok', message: `${host} is an address` }, host];
    const { addresses, ms } = await probes.lookUp(host);
    note({ host, addresses, duration_ms: Math.round(ms) });
    return [{ verdict: 'ok', message: `${host} is ${addresses.join(', ')}` }, host];
  });

const examineConnection = (
  examination: Examination,
  probes: Probes,
  hop: Outcome<URL>,
  host: Outcome<string>,
): Promise<Outcome<undefined>> =>
  examination.check('connect', { hop, host }, async (values, note) => {
    const { port, protocol } = values.hop;
    const number = Number(port || (protocol === 'https:' ? 443 : 80));
    const { address, ms } = await probes.connect(values.host, number);
    note({ address, port: number, duration_ms: Math.round(ms) });
    return [{ verdict: 'ok', message: `${address} port ${number} in ${Math.max(1, Math.round(ms))} ms` }, undefined];
  });

const tlsFacts = ({ protocol, ms, chain }: Handshake) => ({
  protocol,
  duration_ms: Math.round(ms),
  days_left: chain[0] ? daysLeft(chain[0], Date.now()) : null,
  chain: chain.map(({ subject, issuer, validFromMs, validToMs }) => ({
    subject,
    issuer,
    valid_from: new Date(validFromMs).toISOString(),
    valid_to: new Date(validToMs).toISOString(),
  })),
});

const examineState = (examination: Examination, { probes, words }: Examining): Promise<unknown> =>
  examination.check('state', {}, async (_, note) => {
    try {
      const folder = await probes.stateFolder();
      note({ path: folder.path, free_bytes: folder.freeBytes ?? null });
      return [stateFinding(folder, words), undefined];
    } catch (error) {
      return [stateTrouble(error instanceof Error ? error.message : String(error)), undefined];
    }
  });

const examineUpload = (
  examination: Examination,
  models: Outcome<undefined>,
  { upload, probes, words, now }: Examining,
  signal: AbortSignal,
): Promise<unknown> =>
  examination.check('upload', upload ? { models } : {}, async (_, note) => {
    if (!upload) return [{ verdict: 'skipped', message: 'left out with --no-upload' }, undefined];
    const measured = await measureRate(probes.api(), now, signal);
    const { bytes, ms, sentBytes, cancelled } = measured;
    note({ bytes_per_second: Math.round((bytes * 1000) / ms), bytes_sent: sentBytes, cancelled });
    return [rateFinding(measured, words), undefined];
  });
