import type { UploadsApi } from '../core/ports.ts';

/** A certificate as people know it. */
export type Certificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
};

/** A TLS handshake, believed or not. */
export type Handshake = {
  readonly protocol: string;
  readonly ms: number;
  /** The server's own first, its authorities after it. */
  readonly chain: readonly Certificate[];
};

/** The list of models, if the server has one; not every server's can be counted. */
export type Models = { readonly listed: boolean; readonly count?: number | undefined };

export type Folder = { readonly path: string; readonly freeBytes: number | undefined };

/** Where an upload's parts go: the part of the API that a trial needs. */
export type TrialApi = Pick<UploadsApi, 'create' | 'addPart' | 'cancel'>;

/** The effects of a look at each thing. What keeps an upload from being made is thrown. */
export type Probes = {
  /** Where the key comes from; the key itself stays where it is. */
  key(): Promise<string>;
  baseUrl(): URL;
  /** Host and port of the proxy for this URL. */
  proxy(target: URL): Promise<URL | undefined>;
  lookUp(host: string): Promise<{ readonly addresses: readonly string[]; readonly ms: number }>;
  connect(host: string, port: number): Promise<{ readonly address: string; readonly ms: number }>;
  /** `note` receives the handshake even where the certificate is not believed. */
  shakeHands(target: URL, note: (handshake: Handshake) => void): Promise<void>;
  models(): Promise<Models>;
  /** The server's clock less ours; nothing before it answered. */
  skewMs(): number | undefined;
  stateFolder(): Promise<Folder>;
  api(): TrialApi;
};

/** Numbers for people. */
export type Words = {
  bytes(count: number): string;
  rate(bytesPerSecond: number): string;
  duration(ms: number): string;
};
