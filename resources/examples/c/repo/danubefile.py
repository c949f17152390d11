from danube import artifacts, ctx, pipeline, step


@pipeline
def build():
    step.run("cc --version | head -n 1", name="toolchain")
    step.run("sh build.sh compile", name="compile")
    step.parallel([
        {"command": "sh build.sh test", "name": "unit tests", "timeout": 60},
        {"command": "sh build.sh check", "name": "try the program", "timeout": 60},
    ])
    version = ctx.commit_sha[:12]
    packed = step.run(f"sh build.sh pack {version}", name="pack", capture=True)
    kept = artifacts.upload(packed.stdout.strip().splitlines()[-1])
    print(f"kept {kept.name}: {kept.size_bytes} bytes, SHA-256 {kept.sha256}")
