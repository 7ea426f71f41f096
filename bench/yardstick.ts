/** Prints how fast this machine is now; the runner asks in every round. Run: node bench/yardstick.ts */
import { measureYardstick } from './suite/yardstick.ts';

console.log(JSON.stringify(measureYardstick()));
