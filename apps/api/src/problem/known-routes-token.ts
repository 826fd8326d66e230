/** Token of the routes of this process ({@link KnownRoutes}). */
export const KNOWN_ROUTES = Symbol('known routes');
