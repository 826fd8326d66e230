/** What `help` prints. */
export const HELP = `Usage: npm start | npm run demo [-- NAME] [-- --keep]

  start         runs everything on this machine until Ctrl-C; data stay in .gennaker/
  demo          plays the story of a deployment in a temporary folder, on free ports, and ends
  demo NAME     plays one example pipeline (red-black, rolling-red-black, ...) or friday: 400 instances,
                a zone without capacity, a killed worker, a cancel and a retry
  demo --keep   the same, and leaves everything running until Ctrl-C
  help          prints this

Settings (environment variables):
  GENNAKER_DATA_DIR              folder of data and logs (.gennaker)
  GENNAKER_API_PORT              the API (8080)
  GENNAKER_WORKER_PORT           the worker's health (8081)
  GENNAKER_TEMPORAL_PORT         Temporal (7233)
  GENNAKER_TEMPORAL_UI_PORT      Temporal's own page (8233)
  GENNAKER_POSTGRES_PORT         PostgreSQL (5433)
  GENNAKER_STAND_IN_PORT         the AWS stand-in (4566)
  GENNAKER_STAND_IN_SCALE        seconds of the stand-in in one of ours (20)
  GENNAKER_TEMPORAL_RELEASE_URL  a mirror of the Temporal CLI's releases
  DATABASE_URL                   your own PostgreSQL; none is started
  TEMPORAL_ADDRESS               your own Temporal, host:port; none is started
  AWS_ENDPOINT_URL               your own AWS endpoint; no stand-in is started
  GENNAKER_AWS=real              AWS by the SDK's own credential chain; no stand-in is started`;
