from danube import step

fetch = "curl --silent --show-error --max-time 20 --cacert ca.pem --write-out '%{http_code}\\n' "

step.run(fetch + "https://packages.example.org/hello.txt", name="fetch an allowed package")

upload = step.run(fetch + "https://telemetry.example.net/collect", name="call home", check=False)
if upload.exit_code == 0:
    raise SystemExit("telemetry.example.net is on no list, and was reached")
print("telemetry.example.net was refused, as it should be")
