// In the place of src/report/text/source-maps.ts: a stack trace names the program as the build did, or the executable,
// and the map is an asset.
import { SourceMap } from 'node:module';
import { getAsset } from 'node:sea';

const executable = process.execPath.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

export const PLACE = new RegExp(`(\\bmain\\.js|${executable}):(\\d+):(\\d+)`, 'g');

export const readMap = () => new SourceMap(JSON.parse(getAsset('main.js.map', 'utf8')));
