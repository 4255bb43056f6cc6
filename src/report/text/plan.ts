import type { Plan } from '../../core/model/plan.ts';
import { bytes, counted } from './format.ts';
import { printable, printableName } from './text.ts';

/** A plan for people. */
export const planLines = (path: string, { request, partSize, parts, md5 }: Plan): readonly string[] => [
  `would upload ${printableName(path)}: ${bytes(request.bytes)} (${request.bytes} bytes) as "${printableName(request.filename)}", purpose ${printable(request.purpose)}, ${printable(request.mimeType)}`,
  `  ${counted(parts.length, 'part')} of ${bytes(partSize)}${md5 ? ', with the md5 of the whole file' : ', without md5'}`,
];
