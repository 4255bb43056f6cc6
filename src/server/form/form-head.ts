import { ApiError } from '../http/api-error.ts';
import { malformed } from './multipart.ts';

/** One field of a form; only a file has a filename. */
export type FieldHead = { readonly name: string; readonly filename?: string };

/** The boundary that a content-type names; throws unless it is a form's. */
export function boundaryOf(contentType: string | undefined): string {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType ?? '')) {
    throw new ApiError(
      400,
      `Unsupported content type: '${contentType ?? ''}'. This API method only accepts 'multipart/form-data' requests.`,
      { code: 'unsupported_content_type' },
    );
  }
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '');
  const boundary = found?.[1] ?? found?.[2];
  if (!boundary || boundary.length > 70) throw malformed('its content-type names no boundary of 1 to 70 characters');
  return boundary;
}

export function parseFieldHead(text: string): FieldHead {
  const headers = new Map(text.split('\r\n').filter(Boolean).map(parseHeader));
  const disposition = headers.get('content-disposition') ?? '';
  const name = parameter(disposition, 'name');
  if (!/^form-data\s*;/i.test(disposition) || name === undefined) throw malformed('a part has no form-data name');
  if (!/^(binary|8bit|7bit)$/i.test(headers.get('content-transfer-encoding') ?? 'binary')) {
    throw malformed('a part has a content-transfer-encoding');
  }
  const filename = parameter(disposition, 'filename');
  return { name, ...(filename !== undefined && { filename }) };
}

function parseHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw malformed('a part has a header line without a colon');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

// Browsers and Node write a quote as %22, others as \".
function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(disposition);
  const raw = found?.[1] ?? found?.[2];
  return raw
    ?.replace(/\\(["\\])/g, '$1')
    .replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
