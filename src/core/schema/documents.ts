import { EventLine, eventDefinitions } from './events/events.ts';

export { textTypes } from './error.ts';

import { ResultLine, resultDefinitions } from './results/results.ts';

/** The JSON Schemas that are published, by their names: the schema, and the parts of it that have a name of their own. */
export const printed = {
  event: { schema: EventLine, definitions: eventDefinitions },
  result: { schema: ResultLine, definitions: resultDefinitions },
};
