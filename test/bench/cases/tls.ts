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
  const goals = [
    {
      says: 'push, as a multiple of the larger of md5sum and curl over TLS',
      value: ratioOf(figures, 'push', ['md5sum', 'curl']),
      limit: 1.15,
    },
    {
      says: 'push --no-md5, as a multiple of curl over TLS',
      value: ratioOf(figures, 'push --no-md5', ['curl']),
      limit: 1.15,
    },
  ];
  return {
    key: 'h',
    title: 'TLS',
    figures,
    goals,
    notes: ['the sink decrypts on the same two cores; NODE_EXTRA_CA_CERTS names the authority'],
  };
};
