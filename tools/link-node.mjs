// The post-install script of this checkout: runs after `npm ci`, under whatever Node ran npm.
import { linkNode } from './setup/link.mjs';
import { stampPackages } from './setup/packages.mjs';

linkNode();
stampPackages();
