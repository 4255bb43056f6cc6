import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Destination, destinationFrom, destinationRecord } from '../../../src/core/model/destination.ts';
import { destinationIdentity } from '../../../src/core/model/request.ts';

const url = fc.webUrl({ withQueryParameters: true });
const name = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
const destination: fc.Arbitrary<Destination> = fc.oneof(
  fc.record({ kind: fc.constant('openai' as const), baseUrl: url, organization: name, project: name }),
  fc.record({ kind: fc.constant('azure' as const), baseUrl: url }),
  fc.record({ kind: fc.constant('local' as const), folder: fc.string() }),
);

it('13.4: is read as it was written', () => {
  fc.assert(
    fc.property(destination, one => {
      expect(destinationFrom(destinationRecord(one))).toEqual(one);
    }),
  );
});

it('13.4: is written as earlier versions wrote it, so that their saved uploads are found', () => {
  const local: Destination = { kind: 'local', folder: '/tmp/x' };
  expect(destinationRecord(local)).toEqual({ baseUrl: 'local:/tmp/x' });
  expect(destinationIdentity(local)).toBe('["local:/tmp/x","",""]');
  const azure: Destination = { kind: 'azure', baseUrl: 'https://me.openai.azure.com/openai/v1' };
  expect(destinationRecord(azure)).toEqual({ baseUrl: 'azure:https://me.openai.azure.com/openai/v1' });
  const openai: Destination = { kind: 'openai', baseUrl: 'https://api.openai.com/v1', project: 'p' };
  expect(destinationRecord(openai)).toEqual({ baseUrl: 'https://api.openai.com/v1', project: 'p' });
  expect(destinationIdentity(openai)).toBe('["https://api.openai.com/v1","","p"]');
});

it('13.4: two destinations are the same upload only where they are the same place', () => {
  fc.assert(
    fc.property(destination, destination, (a, b) => {
      const same = JSON.stringify(destinationRecord(a)) === JSON.stringify(destinationRecord(b));
      expect(destinationIdentity(a) === destinationIdentity(b)).toBe(same);
    }),
  );
});
