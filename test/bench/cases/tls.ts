import { join } from 'node:path';
import { interleaved, ratioOf } from '../measure.ts';
import { commandContender, curlCommand, pushContender } from '../push.ts';
import type { Case } from '../types.ts';

/** (h) The same over TLS, to a sink in Node: it shares the machine, and decrypts. */
export const tls: Case = async bench => {
  const sink = await bench.sink({ tls: true });
  const file = await bench.randomFile(bench.size);
  const ca = join(bench.here, '../support/tls/ca.crt');
  const trust = { NODE_EXTRA_CA_CERTS: ca };
  const figures = await interleaved(
    [
      commandContender(bench, 'md5sum', ['md5sum', file]),
      ...(bench.hasCurl ? [commandContender(bench, 'curl', curlCommand(sink.url, file, '--cacert', ca))] : []),
      pushContender(bench, 'push', { url: sink.url, files: [file] }, trust),
      pushContender(bench, 'push --no-md5', { url: sink.url, files: [file], flags: ['--no-md5'] }, trust),
    ],
    bench.rounds,
    bench.say,
  );
  await sink.close();
  const value = ratioOf(figures, 'push', ['md5sum', 'curl']);
  const goals = [{ says: 'push, as a multiple of the larger of md5sum and curl', value, limit: 1.5 }];
  return {
    key: 'h',
    title: 'TLS',
    figures,
    goals,
    notes: ['NODE_EXTRA_CA_CERTS names the authority; the limit is our own, no promise'],
  };
};
