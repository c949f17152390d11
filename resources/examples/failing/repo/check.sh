# check.sh FILE: exit code 3 when the river is above the mark.
mark=500
while read -r hour level; do
    if [ "$level" -gt "$mark" ]; then
        echo "$hour: $level cm is above the mark of $mark cm" >&2
        exit 3
    fi
    echo "$hour: $level cm, fine"
done <"$1"
