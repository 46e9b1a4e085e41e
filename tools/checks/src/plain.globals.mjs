/**
 * Has a worker of Jest find `Math` or `Buffer` as any program does: `node --import …`. Jest keeps the globals of a spec
 * file behind a proxy, which is asked, in script, each time that one is named: that takes twenty times as long. The
 * proxy is only for forgetting them at the end, and with their context they go anyway.
 */
import { types } from 'node:util';
import vm from 'node:vm';

const { createContext } = vm;

vm.createContext = (object, options) =>
  createContext(types.isProxy(object) ? vm.constants.DONT_CONTEXTIFY : object, options);
