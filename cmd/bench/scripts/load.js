// What k6 carries out: load of the closed or the open model, as the environment
// says, with a check of the status. Its summary holds only what is compared.
import http from 'k6/http';
import { check, sleep } from 'k6';

const rate = Number(__ENV.BENCH_RATE);
const scenario = rate > 0
  ? { executor: 'constant-arrival-rate', rate: rate, timeUnit: '1s', duration: __ENV.BENCH_DURATION, preAllocatedVUs: Number(__ENV.BENCH_USERS), maxVUs: 4000 }
  : { executor: 'constant-vus', vus: Number(__ENV.BENCH_USERS), duration: __ENV.BENCH_DURATION };

export const options = {
  scenarios: { load: scenario },
  summaryTrendStats: ['med', 'p(99)', 'max', 'count'],
  insecureSkipTLSVerify: true,
};

export default function () {
  const answer = http.get(`${__ENV.BENCH_URL}/api/tasks/${__VU}`, { tags: { name: 'get' } });
  check(answer, { 'is found': (r) => r.status === 200 });
  if (__ENV.BENCH_WAIT) {
    sleep(5 + 15 * Math.random());
  }
}

export function handleSummary(data) {
  return { stdout: JSON.stringify(data.metrics.http_req_duration.values) };
}
