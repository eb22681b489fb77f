// A Backstage backend as small as one with a catalog and a search in PostgreSQL can be.
'use strict';
const { createBackend } = require('@backstage/backend-defaults');

const features = [
  import('@backstage/plugin-auth-backend'),
  import('@backstage/plugin-permission-backend'),
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
  import('@backstage/plugin-catalog-backend'),
  import('@backstage/plugin-search-backend'),
  import('@backstage/plugin-search-backend-module-pg'),
  import('@backstage/plugin-search-backend-module-catalog'),
];
const backend = createBackend();
features.forEach(feature => backend.add(feature));
backend.start();
