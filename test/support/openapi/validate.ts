import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import description from './uploads-files.json' with { type: 'json' };

/** The `operationId`s of OpenAI's description. */
export type Operation =
  | 'createUpload'
  | 'addUploadPart'
  | 'completeUpload'
  | 'cancelUpload'
  | 'listFiles'
  | 'createFile'
  | 'retrieveFile'
  | 'downloadFile'
  | 'deleteFile';

type Schema = { readonly [key: string]: unknown };
type Described = {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Schema };
  readonly responses: { readonly '200': { readonly content: Schema } };
};

const PURPOSES_OF_THE_SDKS = ['user_data', 'evals'];
const ERROR: Schema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string', minLength: 1 },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: { type: ['string', 'null'] },
      },
    },
  },
};

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  coerceTypes: false,
  formats: { unixtime: true, binary: true, int64: Number.isInteger },
});
ajv.addSchema(withExceptions(structuredClone(description)), 'openai');
const described: readonly Described[] = Object.values(description.paths).flatMap(
  methods => Object.values(methods) as readonly Described[],
);

/**
 * Throws unless the request is what OpenAI describes: the JSON body, a form's fields (a file as any string),
 * or the query of a GET as an object of strings.
 */
export function assertRequest(operation: Operation, body: unknown): void {
  const { requestBody, parameters = [] } = descriptionOf(operation);
  if (requestBody) return assertValid(`${operation} request`, schemaIn(requestBody.content), body);
  const query = parameters.filter(parameter => parameter.in === 'query');
  const properties = Object.fromEntries(query.map(({ name, schema }) => [name, asText(schema)]));
  assertValid(`${operation} request`, { type: 'object', additionalProperties: false, properties }, body ?? {});
}

/** Throws unless the reply is what OpenAI describes: of a 2xx the operation's own, of any other an error. */
export function assertReply(operation: Operation, status: number, body: unknown): void {
  const wellDone = status >= 200 && status < 300;
  const schema = wellDone ? schemaIn(descriptionOf(operation).responses['200'].content) : ERROR;
  assertValid(`${operation} reply ${status}`, schema, body);
}

function descriptionOf(operation: Operation): Described {
  const found = described.find(({ operationId }) => operationId === operation);
  if (!found) throw new Error(`No operation ${operation} in the description.`);
  return found;
}

const compiled = new Map<string, ValidateFunction>();

function assertValid(what: string, schema: Schema, value: unknown): void {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile(absolute(schema));
  compiled.set(key, validate);
  if (validate(value)) return;
  throw new Error(`${what}: ${ajv.errorsText(validate.errors, { dataVar: 'body' })}\n${JSON.stringify(value)}`);
}

const schemaIn = (content: Schema): Schema => (Object.values(content)[0] as { readonly schema: Schema }).schema;

const absolute = (schema: Schema): Schema =>
  typeof schema['$ref'] === 'string' ? { $ref: `openai${schema['$ref']}` } : schema;

// A query is text; what is an integer must look like one.
const asText = (schema: Schema): Schema =>
  schema['type'] === 'integer' ? { type: 'string', pattern: '^\\d+$' } : { ...schema, default: undefined };

// What the description does not say and the service, its SDKs or its newer pages do.
function withExceptions(whole: typeof description): Schema {
  const { OpenAIFile, CreateUploadRequest, Upload } = whole.components.schemas;
  CreateUploadRequest.properties.purpose.enum.push(...PURPOSES_OF_THE_SDKS);
  OpenAIFile.properties.purpose.enum.push('evals');
  Object.assign(OpenAIFile.properties.bytes, { type: ['integer', 'null'] });
  Object.assign(OpenAIFile.properties.expires_at, { type: ['integer', 'null'] });
  Object.assign(OpenAIFile.properties.status_details, { type: ['string', 'null'] });
  // `nullable` has no meaning in 2020-12, and none for ajv without a type beside it.
  Object.assign(Upload.properties, { file: { anyOf: [{ $ref: '#/components/schemas/OpenAIFile' }, { type: 'null' }] } });
  return whole;
}
