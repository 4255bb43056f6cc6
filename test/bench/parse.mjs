// node parse.mjs FILE: JSON.parse on each line, and nothing else: the floor of any check.
import { createReadStream } from 'node:fs';

let [rest, lines] = [Buffer.alloc(0), 0];
for await (const read of createReadStream(process.argv[2], { highWaterMark: 2 ** 18 })) {
  const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    JSON.parse(bytes.toString('utf8', start, end));
    lines += 1;
    start = end + 1;
  }
  rest = bytes.subarray(start);
}
process.stdout.write(`${lines}\n`);
