# 200 000 000 bytes in two million lines of 100 bytes.
set -e
line="the Danube rises in the Black Forest and ends in the Black Sea, two thousand eight hundred km later"
yes "$line" | head -n 2000000
