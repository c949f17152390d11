from danube import secrets, step

token = secrets.get("DEPLOY_TOKEN")

late, ticker, deploy, flood = step.parallel([
    {"command": "echo waiting for a ship that never comes; sleep 600", "name": "wait for a ship", "timeout": 2, "check": False},
    {"command": "for n in 1 2 3 4 5 6 7 8 9 10; do echo tick $n; sleep 0.3; done", "name": "ticker"},
    {"command": 'echo "deploying with token $TOKEN"', "name": "deploy", "env": {"TOKEN": token}},
    {"command": "sh flood.sh", "name": "flood"},
])

assert late.outcome == "timeout", late
assert ticker.ok and deploy.ok and flood.ok
print(f"the ship was given up after {late.duration_ms / 1000:.1f} s; the token was {token}")
