// node --require this: at its end the process prints which of Node's own modules it has loaded, as the last line of stderr.
const { writeSync } = require('node:fs');

const ofNode = () => process.moduleLoadList.filter(name => /^NativeModule [^/]+$/.test(name));

process.on('exit', () =>
  writeSync(
    2,
    `\n${ofNode()
      .map(name => name.slice('NativeModule '.length))
      .join(' ')}\n`,
  ),
);
