/** A malformed or hostile request, as bytes on a socket. `upload` is the id of a pending Upload. */
export type ClientCase = { readonly name: string; bytes(upload: string): Buffer };

const KEY = 'authorization: Bearer sk-hostile-0123456789';
const HOST = 'host: 127.0.0.1';
const CRLF = '\r\n';

const text = (name: string, make: (upload: string) => string): ClientCase => ({
  name,
  bytes: upload => Buffer.from(make(upload), 'latin1'),
});

const request = (line: string, headers: readonly string[], body = ''): string =>
  [line, HOST, KEY, ...headers, '', body].join(CRLF);

const post = (path: string, headers: readonly string[], body = ''): string =>
  request(`POST /v1${path} HTTP/1.1`, headers, body);

const JSON_TYPE = 'content-type: application/json';
const lengthOf = (body: string): string => `content-length: ${Buffer.byteLength(body, 'latin1')}`;
const json = (path: string, body: string): string => post(path, [JSON_TYPE, lengthOf(body)], body);

const BOUNDARY = 'hostile-boundary';
const FORM_TYPE = `content-type: multipart/form-data; boundary=${BOUNDARY}`;
const form = (payload: string, head = 'Content-Disposition: form-data; name="data"; filename="part-1"'): string =>
  `--${BOUNDARY}${CRLF}${head}${CRLF}${CRLF}${payload}${CRLF}--${BOUNDARY}--${CRLF}`;
const part = (upload: string, body: string, type = FORM_TYPE): string =>
  post(`/uploads/${upload}/parts`, [type, lengthOf(body)], body);

const chunking: readonly ClientCase[] = [
  ['a chunk size that is no number', 'zz'],
  ['a negative chunk size', '-5'],
  ['a chunk size with a sign', '+5'],
  ['a chunk size of 17 digits', 'fffffffffffffffff'],
  ['an empty chunk size', ''],
  ['a chunk size with a space before', ' 5'],
  ['a chunk size in 0x form', '0x5'],
  ['a chunk with an endless extension', `5;${'e'.repeat(40_000)}`],
  ['a chunk with many extensions', `5${';a=b'.repeat(9000)}`],
  ['a chunk size with a NUL', '5\0'],
].map(([name = '', size = '']) =>
  text(name, upload =>
    post(
      `/uploads/${upload}/parts`,
      [FORM_TYPE, 'transfer-encoding: chunked'],
      `${size}${CRLF}hello${CRLF}0${CRLF}${CRLF}`,
    ),
  ),
);

const framing: readonly ClientCase[] = [
  text('two content-lengths that differ', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: 5', 'content-length: 6'], 'hello!'),
  ),
  text('two content-lengths that agree', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: 5', 'content-length: 5'], 'hello'),
  ),
  text('content-length and chunked together', upload =>
    post(
      `/uploads/${upload}/parts`,
      [FORM_TYPE, 'content-length: 5', 'transfer-encoding: chunked'],
      `0${CRLF}${CRLF}GET /v1/files HTTP/1.1${CRLF}${CRLF}`,
    ),
  ),
  text('chunked twice', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'transfer-encoding: chunked, chunked'], `0${CRLF}${CRLF}`),
  ),
  text('chunked in odd letters', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'transfer-encoding: xchunked'], `0${CRLF}${CRLF}`),
  ),
  text('a transfer-encoding with a tab', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'transfer-encoding:\tchunked'], `0${CRLF}${CRLF}`),
  ),
  text('a content-length with a comma', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: 5, 5'], 'hello'),
  ),
  text('a negative content-length', upload => post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: -1'], 'x')),
  text('a content-length of 30 digits', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, `content-length: ${'9'.repeat(30)}`], 'x'),
  ),
  text('a content-length in hex', upload => post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: 0x10'], 'x')),
  text('a content-length with a space inside', upload =>
    post(`/uploads/${upload}/parts`, [FORM_TYPE, 'content-length: 1 0'], 'x'),
  ),
  text('an obsolete folded header', () => request('GET /v1/files HTTP/1.1', ['x-folded: a', ' b'])),
  text('a header without a colon', () => request('GET /v1/files HTTP/1.1', ['nonsense'])),
  text('a header name with a space', () => request('GET /v1/files HTTP/1.1', ['x y: z'])),
  text('a header with a NUL', () => request('GET /v1/files HTTP/1.1', ['x: a\0b'])),
  text('a header with a bare CR', () => request('GET /v1/files HTTP/1.1', ['x: a\rb'])),
  text('lines that end with LF alone', () => `GET /v1/files HTTP/1.1\nhost: 127.0.0.1\n${KEY}\n\n`),
  text('a trailer with an authorization', upload =>
    post(
      `/uploads/${upload}/parts`,
      [FORM_TYPE, 'transfer-encoding: chunked', 'trailer: authorization'],
      `0${CRLF}authorization: Bearer x${CRLF}${CRLF}`,
    ),
  ),
  text('expect of something else', () =>
    request('POST /v1/uploads HTTP/1.1', ['expect: 200-maybe', JSON_TYPE, 'content-length: 2'], '{}'),
  ),
  text('an upgrade', () => request('GET /v1/files HTTP/1.1', ['connection: upgrade', 'upgrade: websocket'])),
  text('HTTP/2 preface', () => `PRI * HTTP/2.0${CRLF}${CRLF}SM${CRLF}${CRLF}`),
  text('HTTP/0.9', () => `GET /v1/files${CRLF}`),
  text('HTTP/1.0 without a host', () => `GET /v1/files HTTP/1.0${CRLF}${KEY}${CRLF}${CRLF}`),
  text('HTTP/9.9', () => request('GET /v1/files HTTP/9.9', [])),
  text('a TLS hello', () => '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'),
  text('random bytes', () => '\xff\xfe\x00\x01\x02garbage\x80\x81'),
  text('no bytes at all', () => ''),
  text('only line breaks', () => CRLF.repeat(100)),
  text('300 headers', () =>
    request(
      'GET /v1/files HTTP/1.1',
      Array.from({ length: 300 }, (_, index) => `x-${index}: y`),
    ),
  ),
  text('3,000 headers', () =>
    request(
      'GET /v1/files HTTP/1.1',
      Array.from({ length: 3000 }, (_, index) => `x-${index}: y`),
    ),
  ),
  text('one header of 100 kB', () => request('GET /v1/files HTTP/1.1', [`x: ${'y'.repeat(100_000)}`])),
  text('a path of 100 kB', () => request(`GET /v1/files/${'a'.repeat(100_000)} HTTP/1.1`, [])),
];

const routing: readonly ClientCase[] = [
  '/',
  '//',
  '/v1',
  '/v1/',
  '/v1//files',
  '/v1/files/',
  '/v1/files/..',
  '/v1/files/../uploads',
  '/v1/uploads/../../etc/passwd',
  '/v1/files/%2e%2e',
  '/v1/files/%2e%2e%2fuploads',
  '/v1/files/..%2f..%2f..%2fetc%2fpasswd',
  '/v1/files/file-%00',
  '/v1/files/%',
  '/v1/files/%zz',
  '/v1/files/%c0%ae%c0%ae',
  '/v1/files/file-aaaaaaaaaaaaaaaaaaaaaaaa/content/../../..',
  '/v1/files/.req_00000000000000000000000000000000',
  '/v1/files/.oai-upload-server',
  '/v1/files/file.json',
  '/v1/files/content',
  '/v1/files?limit=-1',
  '/v1/files?limit=1e9',
  '/v1/files?limit[]=1',
  '/v1/files?order=sideways',
  '/v1/files?after=../../x',
  `/v1/files?purpose=${'x'.repeat(5000)}`,
  '/v1/files?limit=1&limit=2',
  'http://evil.example/v1/files',
  'https://127.0.0.1/v1/files',
  '*',
  '/V1/FILES',
  '/v1/files;a=b',
  '/v1/files#x',
  '/v1\\files',
  '/v1/files/\\..\\..',
].flatMap(path => [text(`GET ${path.slice(0, 60)}`, () => request(`GET ${path} HTTP/1.1`, []))]);

const methods: readonly ClientCase[] = [
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'HEAD',
  'LINK',
  'get',
  'G\0T',
  'VERYLONGMETHODNAME',
].map(method => text(`the method ${JSON.stringify(method)}`, () => request(`${method} /v1/files HTTP/1.1`, [])));

const ids: readonly ClientCase[] = [
  'upload_',
  'upload_short',
  `upload_${'a'.repeat(25)}`,
  `upload_${'a'.repeat(23)}.`,
  `upload_${'a'.repeat(24)}%2f..`,
  '..',
  '.',
  '%2e%2e',
  `file-${'a'.repeat(24)}`,
  '__proto__',
  'constructor',
  'upload_%F0%9F%98%80',
  `upload_${'é'.repeat(24)}`,
].flatMap(id => [
  text(`parts of ${id}`, () => post(`/uploads/${id}/parts`, [FORM_TYPE, lengthOf(form('x'))], form('x'))),
  text(`complete of ${id}`, () => json(`/uploads/${id}/complete`, '{"part_ids":["part_x"]}')),
  text(`cancel of ${id}`, () => post(`/uploads/${id}/cancel`, ['content-length: 0'])),
]);

const bodies: readonly ClientCase[] = [
  '',
  '{',
  '[]',
  'null',
  '1',
  '"x"',
  '{}',
  '{"bytes":-1}',
  '{"bytes":1e300}',
  '{"bytes":"5"}',
  '{"bytes":1.5}',
  '{"bytes":null}',
  '{"__proto__":{"x":1}}',
  `${'['.repeat(100_000)}`,
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  '\xef\xbb\xbf{}',
  '{"filename":"\\ud800"}',
  '{"a":1,"a":2}',
  'NaN',
  '{"filename":"x","purpose":"batch","bytes":1,"mime_type":""}',
  '{"filename":"../../x","purpose":"assistants","bytes":5,"mime_type":"text/plain"}',
  '{"filename":"a\\u0000b","purpose":"assistants","bytes":5,"mime_type":"text/plain"}',
  `{"filename":"${'n'.repeat(10_000)}","purpose":"assistants","bytes":5,"mime_type":"text/plain"}`,
  '{"filename":"CON","purpose":"assistants","bytes":5,"mime_type":"t"}',
  '{"filename":"x","purpose":"evil","bytes":5,"mime_type":"t"}',
  '{"filename":"x","purpose":"assistants","bytes":99999999999999,"mime_type":"t"}',
].map((body, index) => text(`create with body ${index}: ${body.slice(0, 30)}`, () => json('/uploads', body)));

const completes: readonly ClientCase[] = [
  '{}',
  '{"part_ids":[]}',
  '{"part_ids":"x"}',
  '{"part_ids":[1]}',
  '{"part_ids":[""]}',
  '{"part_ids":["../x"]}',
  '{"part_ids":["part_x","part_x"]}',
  '{"part_ids":[null]}',
  '{"part_ids":["part_x"],"md5":"zz"}',
  '{"part_ids":["part_x"],"md5":1}',
  `{"part_ids":[${Array.from({ length: 20_000 }, (_, index) => `"part_${index}"`).join(',')}]}`,
].map((body, index) =>
  text(`complete with body ${index}: ${body.slice(0, 30)}`, upload => json(`/uploads/${upload}/complete`, body)),
);

const types: readonly ClientCase[] = [
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'application/json; charset=utf-16',
  'application/jsonx',
  '',
  'a'.repeat(10_000),
].map(type =>
  text(`create as ${type.slice(0, 40)}`, () => post('/uploads', [`content-type: ${type}`, 'content-length: 2'], '{}')),
);

const boundaries: readonly ClientCase[] = [
  ['no boundary', 'content-type: multipart/form-data'],
  ['an empty boundary', 'content-type: multipart/form-data; boundary='],
  ['an empty quoted boundary', 'content-type: multipart/form-data; boundary=""'],
  ['a boundary of 71 characters', `content-type: multipart/form-data; boundary=${'b'.repeat(71)}`],
  ['a boundary of 10,000 characters', `content-type: multipart/form-data; boundary=${'b'.repeat(10_000)}`],
  ['two boundaries', `${FORM_TYPE}; boundary=other`],
  ['an unclosed quoted boundary', 'content-type: multipart/form-data; boundary="hostile-boundary'],
  ['multipart/mixed', `content-type: multipart/mixed; boundary=${BOUNDARY}`],
].map(([name = '', type = '']) => text(name, upload => part(upload, form('x'), type)));

const forms: readonly (readonly [string, string])[] = [
  ['no closing boundary', form('x').slice(0, -6)],
  ['half a closing boundary', form('x').slice(0, -3)],
  ['an empty form', `--${BOUNDARY}--${CRLF}`],
  ['nothing', ''],
  ['only a preamble', 'preamble without an end'],
  ['an endless preamble', 'x'.repeat(50_000)],
  ['a head without an end', `--${BOUNDARY}${CRLF}${'A: b'.repeat(20)}`],
  ['a head of 100 kB', `--${BOUNDARY}${CRLF}A: ${'b'.repeat(100_000)}${CRLF}${CRLF}x${CRLF}--${BOUNDARY}--`],
  ['no disposition', form('x', 'Content-Type: text/plain')],
  ['a disposition of another kind', form('x', 'Content-Disposition: attachment; name="data"; filename="x"')],
  ['no name', form('x', 'Content-Disposition: form-data; filename="x"')],
  ['another name', form('x', 'Content-Disposition: form-data; name="file"; filename="x"')],
  ['a name of __proto__', form('x', 'Content-Disposition: form-data; name="__proto__"; filename="x"')],
  ['a name with a NUL', form('x', 'Content-Disposition: form-data; name="da\0ta"; filename="x"')],
  [
    'base64 as transfer encoding',
    form('eA==', `Content-Disposition: form-data; name="data"; filename="x"${CRLF}Content-Transfer-Encoding: base64`),
  ],
  ['the same field twice', form('x').replace(`--${BOUNDARY}--`, form('y').trimEnd())],
  ['a boundary inside the data', form(`a${CRLF}--${BOUNDARY}x${CRLF}b`)],
  ['a nested form', form(form('x', 'Content-Disposition: form-data; name="data"; filename="y"'))],
  ['no bytes in the part', form('')],
  ['LF instead of CRLF', form('x').replaceAll(CRLF, '\n')],
  ['a header line without a colon', form('x', 'nonsense')],
];

const formCases: readonly ClientCase[] = forms.map(([name, body]) =>
  text(`a form with ${name}`, upload => part(upload, body)),
);

const filenames: readonly ClientCase[] = [
  '../../../etc/passwd',
  '..\\\\..\\\\x',
  '/absolute',
  '.hidden',
  '.git',
  'file.json',
  'upload.json',
  '.oai-upload-server',
  'a\0b',
  'CON',
  'x'.repeat(5000),
  "'; rm -rf /",
  '%0d%0aX: y',
].map(filename =>
  text(`the filename ${filename.slice(0, 30)}`, upload =>
    part(upload, form('x', `Content-Disposition: form-data; name="data"; filename="${filename}"`)),
  ),
);

const early: readonly ClientCase[] = Array.from({ length: 16 }, (_, index) => ({
  name: `closes after ${index + 1} of 16 of a part`,
  bytes: upload => {
    const whole = Buffer.from(part(upload, form('x'.repeat(1000))), 'latin1');
    return whole.subarray(0, Math.floor((whole.length * (index + 1)) / 17));
  },
}));

const pipelines: readonly ClientCase[] = [
  text('100 requests at once', () => request('GET /v1/files HTTP/1.1', []).repeat(100)),
  text(
    'a refused one before a good one',
    upload => part(upload, form('').slice(0, -4)) + request('GET /v1/files HTTP/1.1', []),
  ),
  text('a body that holds a request', () => json('/uploads', `GET /v1/files HTTP/1.1${CRLF}${CRLF}`)),
  text('more body than said', () => `${json('/uploads', '{}')}DELETE /v1/files/x HTTP/1.1${CRLF}${CRLF}`),
];

const keys: readonly ClientCase[] = [
  'Bearer',
  'Bearer ',
  'Basic eDp5',
  'bearer x',
  `Bearer ${'k'.repeat(20_000)}`,
  'Bearer a b',
  'Bearer \xff\xfe',
].map(value =>
  text(`authorization ${value.slice(0, 20)}`, () =>
    [`GET /v1/files HTTP/1.1`, HOST, `authorization: ${value}`, '', ''].join(CRLF),
  ),
);

const hosts: readonly ClientCase[] = [
  'evil.example',
  'evil.example:80',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '192.168.1.1',
  '',
  '[::2]',
  '127.0.0.1@evil.example',
  '0x7f.1.evil',
].map(host => text(`Host: ${host}`, () => [`GET /v1/files HTTP/1.1`, `host: ${host}`, KEY, '', ''].join(CRLF)));

const origins: readonly ClientCase[] = [
  'https://evil.example',
  'http://127.0.0.1.evil.example',
  'null',
  'file://',
  'https://localhost.evil.example',
].map(origin => text(`Origin: ${origin}`, () => request('GET /v1/files HTTP/1.1', [`origin: ${origin}`])));

export const clientCases: readonly ClientCase[] = [
  ...chunking,
  ...framing,
  ...routing,
  ...methods,
  ...ids,
  ...bodies,
  ...completes,
  ...types,
  ...boundaries,
  ...formCases,
  ...filenames,
  ...early,
  ...pipelines,
  ...keys,
  ...hosts,
  ...origins,
];

/** Of these the answer must be 403. */
export const isForbidden = ({ name }: ClientCase): boolean => name.startsWith('Host: ') || name.startsWith('Origin: ');
