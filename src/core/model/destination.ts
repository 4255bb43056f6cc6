/** Where an upload lives: the same file sent elsewhere is another upload. */
export type Destination =
  /** OpenAI, or a server that speaks its API. */
  | {
      readonly kind: 'openai';
      readonly baseUrl: string;
      readonly organization?: string | undefined;
      readonly project?: string | undefined;
    }
  /** An Azure resource. Its base URL ends in `/openai/v1`; that of the classic API has an `api-version`. */
  | { readonly kind: 'azure'; readonly baseUrl: string }
  /** The embedded server. Its port differs each time, so its folder names it. */
  | { readonly kind: 'local'; readonly folder: string };

/** A destination as saved uploads and `--json` write it: one text says the kind and the place. */
export type DestinationRecord = {
  readonly baseUrl: string;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
};

const [AZURE, LOCAL] = ['azure:', 'local:'];

export const destinationRecord = (destination: Destination): DestinationRecord => {
  switch (destination.kind) {
    case 'openai': {
      const { kind: _kind, ...record } = destination;
      return record;
    }
    case 'azure':
      return { baseUrl: AZURE + destination.baseUrl };
    case 'local':
      return { baseUrl: LOCAL + destination.folder };
    default:
      return destination satisfies never;
  }
};

export const destinationFrom = ({ baseUrl, ...account }: DestinationRecord): Destination => {
  if (baseUrl.startsWith(AZURE)) return { kind: 'azure', baseUrl: baseUrl.slice(AZURE.length) };
  if (baseUrl.startsWith(LOCAL)) return { kind: 'local', folder: baseUrl.slice(LOCAL.length) };
  return { kind: 'openai', baseUrl, ...account };
};

/** What one destination has and no other: its place, and the account there. */
export const destinationKey = (
  destination: Destination,
): readonly [baseUrl: string, organization: string, project: string] => {
  const { baseUrl, organization = '', project = '' } = destinationRecord(destination);
  return [baseUrl, organization, project];
};

/** The account that requests name; Azure and the embedded server have none. */
export const accountOf = (
  destination: Destination,
): { readonly organization: string | undefined; readonly project: string | undefined } =>
  destination.kind === 'openai'
    ? { organization: destination.organization, project: destination.project }
    : { organization: undefined, project: undefined };
