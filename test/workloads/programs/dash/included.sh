included_value=from-file
echo "included $included_value"; return 0; echo never
