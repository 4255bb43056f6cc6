import type { Plan } from '../../core/model/plan.ts';
import type { PlanTotals } from '../../core/outcome/result.ts';
import { grouped } from '../../core/policy/units.ts';
import { bytes, counted } from './format.ts';
import { printable, printableName } from './text.ts';

/** A plan for people. */
export const planLines = (path: string, { request, partSize, parts, md5 }: Plan): readonly string[] => [
  `would upload ${printableName(path)}: ${bytes(request.bytes)} (${request.bytes} bytes) as "${printableName(request.filename)}", purpose ${printable(request.purpose)}, ${printable(request.mimeType)}`,
  `  ${counted(parts.length, 'part')} of ${bytes(partSize)}${md5 ? ', with the md5 of the whole file' : ', without md5'}`,
];

/** What several plans come to, for people. */
export const planTotalsLine = ({ files, failed, bytes: size, parts }: PlanTotals): string => {
  const all = files + failed;
  if (all === 0) return 'no files to upload: the list is empty';
  const of = failed > 0 ? `${grouped(files)} of ${grouped(all)}` : grouped(all);
  const failures = failed > 0 ? `, ${grouped(failed)} cannot be uploaded` : '';
  const noun = all === 1 ? 'file' : 'files';
  return `would upload ${of} ${noun}: ${bytes(size)} (${size} bytes) in ${grouped(parts)} ${parts === 1 ? 'part' : 'parts'}${failures}`;
};
