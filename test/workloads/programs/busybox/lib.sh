echo "sourced $((1 + 1))"
