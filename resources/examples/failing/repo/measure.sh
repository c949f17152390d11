# The river's level in centimetres, hour by hour.
echo "10:00 412"
echo "11:00 433"
echo "12:00 507"
