s/ka/KA/g
s/$/;/
