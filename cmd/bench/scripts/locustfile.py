"""What Locust carries out: a GET and a check of its status, with either of its clients."""
import os

from locust import HttpUser, between, constant, task
from locust.contrib.fasthttp import FastHttpUser

WAIT = between(5, 20) if os.environ.get("BENCH_WAIT") else constant(0)


class Fast(FastHttpUser):
    wait_time = WAIT

    @task
    def get(self):
        with self.client.get("/api/tasks/17", name="get", catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure("not found")


class Requests(HttpUser):
    wait_time = WAIT

    @task
    def get(self):
        with self.client.get("/api/tasks/17", name="get", catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure("not found")
