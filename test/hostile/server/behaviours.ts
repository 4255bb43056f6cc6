import { endless } from './endless.ts';
import { type Behave, type Request, reply } from './hostile-server.ts';
import { echoes, KEY } from './key.ts';

export type Behaviour = {
  readonly name: string;
  /** `harmless`: the reply is odd, and yet all that is needed; `either`: as much comes as the network brings. */
  readonly kind: 'harmful' | 'harmless' | 'either';
  /** Only where the reply is JSON. */
  readonly isJson?: boolean;
  readonly behave: Behave;
};

type Table = Readonly<Record<string, Behave>>;

const all = (kind: Behaviour['kind'], table: Table, isJson = false): readonly Behaviour[] =>
  Object.entries(table).map(([name, behave]) => ({ name, kind, isJson, behave }));

const sends =
  (text: string): Behave =>
  socket =>
    void socket.write(text);

const sendsAndEnds =
  (text: string): Behave =>
  socket =>
    void socket.end(text);

const sendsJson =
  (changed: (json: Request['json']) => unknown): Behave =>
  (socket, { json }) =>
    void socket.write(reply(200, JSON.stringify(changed(json))));

/** JSON that no stringify writes. */
const sendsField =
  (field: string): Behave =>
  (socket, { json }) =>
    void socket.write(reply(200, `${JSON.stringify(json).slice(0, -1)},${field}}`));

const refuses = (status: number, message: unknown, headers = ''): Behave =>
  sends(reply(status, JSON.stringify({ error: { message } }), headers));

const deep = (open: string, close: string, levels = 100_000): string => open.repeat(levels) + close.repeat(levels);
const PAGE = '<!doctype html><html><title>\u001b[31mBlocked\u0007</title><body><script>x</script>no</body></html>';

const redirects: Table = {
  'to itself': (socket, { path }) => void socket.write(reply(307, '', `location: ${path}\r\n`)),
  'to a file': sends(reply(307, '', 'location: file:///etc/passwd\r\n')),
  'to a script': sends(reply(302, '', 'location: javascript:alert(1)\r\n')),
  'to another host with the key': sends(
    reply(308, '', `location: http://evil.invalid/?k=${encodeURIComponent(KEY)}\r\n`),
  ),
  'to another port': sends(reply(307, '', 'location: http://127.0.0.1:1/v1/uploads\r\n')),
  'to nowhere': sends(reply(301, '')),
  'to a place that is none': sends(reply(307, '', 'location: http://[::1\r\n')),
  'to a very long place': sends(reply(307, '', `location: /${'x'.repeat(10_000)}\r\n`)),
  'through ever longer paths': (socket, { path }) => void socket.write(reply(307, '', `location: ${path}/\r\n`)),
};

const broken: Table = {
  'closes without a word': socket => void socket.end(),
  resets: socket => void socket.resetAndDestroy(),
  'closes in its status line': sendsAndEnds('HTTP/1.1 20'),
  'closes in its head': sendsAndEnds('HTTP/1.1 200 OK\r\ncontent-length: 5'),
  'closes in its body': sendsAndEnds('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"id":"upload_1"}'),
  'closes in a chunk': sendsAndEnds('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{"id":'),
  'closes before the last chunk': sendsAndEnds('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'),
  'speaks HTTP/0.9': sendsAndEnds('hello\r\n'),
  'speaks SSH': sends('SSH-2.0-OpenSSH_9.6\r\n'),
  'speaks binary': sends(Buffer.from([0, 1, 2, 255, 254, 22, 3, 1]).toString('latin1')),
  'gives two lengths': sends('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x'),
  'gives a negative length': sends('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}'),
  'gives a length of words': sends('HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n{}'),
  'gives a length and chunks': sends(
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  ),
  'gives a chunk of words': sends('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n'),
  'gives a status of 999': sends(reply(999, '{}')),
  'gives a status of 0': sends('HTTP/1.1 000 X\r\ncontent-length: 2\r\n\r\n{}'),
  'says that it is packed': sends(reply(200, 'not gzip at all', 'content-encoding: gzip\r\n')),
  'packs half of it': sends(reply(200, '\u001f\b\b', 'content-encoding: gzip\r\n')),
  'has nothing in its answer': sends(reply(200, '')),
  'has no content': sends('HTTP/1.1 204 No Content\r\n\r\n'),
};

const refusals: Table = {
  'with a message of a megabyte': refuses(400, 'x'.repeat(1024 ** 2)),
  'with controls': refuses(400, '\u001b[2J\u001b]0;owned\u0007\r\n::error::x\n\u0085\u009b31m\u202eevil\u2066\u061c'),
  'with a workflow command': refuses(422, '\n::set-output name=x::y\n##[error]z'),
  'with a deep message': sends(reply(400, `{"error":{"message":${deep('[', ']')}}}`)),
  'with a deep detail': sends(reply(422, `{"detail":[{"loc":[${deep('[', ']')}],"msg":"m"}]}`)),
  'with FastAPI’s detail': sends(reply(422, '{"detail":[{"loc":["body","bytes"],"msg":"Field required"}]}')),
  'with a page': sends(reply(403, PAGE, 'content-type: text/html\r\n')),
  'with open tags': sends(reply(403, '<'.repeat(60_000))),
  'with a message of numbers': refuses(401, 12_345),
  'with bytes that are no text': socket => {
    socket.write('HTTP/1.1 400 X\r\ncontent-length: 4\r\n\r\n');
    socket.write(Buffer.from([0xff, 0xfe, 0x00, 0x1b]));
  },
  'and a wait of ever': refuses(429, 'wait', 'retry-after: 1e999\r\n'),
  'and a wait of many digits': refuses(503, 'wait', `retry-after: ${'9'.repeat(400)}\r\n`),
  'with a request id of a line': refuses(401, 'no', `x-request-id: ${'r'.repeat(8000)}\r\n`),
};

const wrong: Table = {
  'a page': sends(reply(200, PAGE, 'content-type: text/html\r\n')),
  'a list': sends(reply(200, '[]')),
  'a number': sends(reply(200, '5')),
  null: sends(reply(200, 'null')),
  'half of JSON': sends(reply(200, '{"id":"upload_1"')),
  'a deep list': sends(reply(200, deep('[', ']'))),
  'a File without an id': sendsJson(({ id: _, ...json }) => json),
  'an id of two dots': sendsJson(json => ({ ...json, id: '..' })),
  'an id of a path': sendsJson(json => ({ ...json, id: '../../admin' })),
  'an id with an escape': sendsJson(json => ({ ...json, id: 'upload_\u001b[31m' })),
  'an id of two lines': sendsJson(json => ({ ...json, id: 'upload_1\n::error::x' })),
  'an id of a megabyte': sendsJson(json => ({ ...json, id: 'x'.repeat(1_000_000) })),
  'an id that is a number': sendsJson(json => ({ ...json, id: 5 })),
  'another object': sendsJson(json => ({ ...json, object: 'thread' })),
};

const odd: Table = {
  'times of 1e300': sendsField('"expires_at":1e300,"created_at":1e300'),
  'times that are infinite': sendsField('"expires_at":1e999'),
  'times before the beginning': sendsField('"expires_at":-1,"created_at":-1e18'),
  'times of words': sendsField('"expires_at":"tomorrow","created_at":{}'),
  'times as text': sendsField('"created_at":"1721510071"'),
  'texts of other types': sendsField('"filename":5,"purpose":[]'),
  'a very deep field': sendsField(`"x":${deep('[', ']')}`),
  'a field that is very deep in objects': sendsField(`"x":${deep('{"a":', '}').replace(':}', ':1}')}`),
  'a field of 900 kB': sendsField(`"x":"${'x'.repeat(900_000)}"`),
  'ten thousand fields': sendsField(Array.from({ length: 10_000 }, (_, at) => `"x${at}":${at}`).join(',')),
  'a prototype': sendsField('"__proto__":{"status":"cancelled"},"constructor":{"prototype":1}'),
  'controls in a field': sendsField('"note":"\\u001b[31m\\u0007\\u202e\\u009b\\n::error::x"'),
  'another type of content': (socket, { json }) =>
    void socket.write(reply(200, JSON.stringify(json), 'content-type: image/png; charset=utf-16\r\n')),
  'a date of another century': (socket, { json }) =>
    void socket.write(reply(200, JSON.stringify(json), 'date: Mon, 01 Jan 1900 00:00:00 GMT\r\n')),
  'a few interim answers first': (socket, { honest }) =>
    void socket.write(`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(16)}${honest}`),
};

const unclear: Table = {
  'answers, and goes on': (socket, { honest }) => void socket.end(`${honest}${'x'.repeat(10_000)}`),
};

const echoing: readonly Behaviour[] = echoes.flatMap(([form, text]): readonly Behaviour[] => {
  const inJson = text.includes('\\') ? text : JSON.stringify(text).slice(1, -1);
  const raw = text.replaceAll('\\', '');
  return [
    {
      name: `echoes the key ${form} in a refusal`,
      kind: 'harmful',
      behave: sends(reply(401, `{"error":{"message":"no ${inJson}","code":"${inJson}"}}`, `x-request-id: ${raw}\r\n`)),
    },
    {
      name: `echoes the key ${form} in a reply that is no JSON`,
      kind: 'harmful',
      behave: sends(reply(200, `key ${text}`)),
    },
    {
      name: `echoes the key ${form} in its fields`,
      kind: 'harmless',
      isJson: true,
      behave: sendsField(`"note":{"deep":["${inJson}"]},"status_details":"${inJson}","${inJson}":1`),
    },
  ];
});

/** All that a hostile server does. */
export const behaviours: readonly Behaviour[] = [
  ...all('harmful', named(redirects, 'redirects ')),
  ...all('harmful', broken),
  ...all('harmful', named(refusals, 'refuses ')),
  ...all('harmful', named(wrong, 'answers '), true),
  ...all('harmless', named(odd, 'answers with '), true),
  ...all('either', unclear),
  ...all('harmful', endless),
  ...echoing,
];

function named(table: Table, prefix: string): Table {
  return Object.fromEntries(Object.entries(table).map(([name, behave]) => [`${prefix}${name}`, behave]));
}
