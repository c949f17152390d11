# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python peer of the start bench: one route, and nothing behind it."""
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "ok"}
