# Vim in Ex mode: substitution, normal commands, sorting, scripts, shell commands.
printf 'one\ntwo\nthree\n' >text; vim.basic -u NONE -es -c '%s/o/0/g' -c 'normal Gohello' -c 'g/t/m0' -c 'sort' -c "call append(0, printf('%d lines', line('\$')))" -c "call writefile([system('echo from sh')], 'sys')" -c 'wq' text; echo "vim $?"; cat text sys; vim.basic -u NONE -es -c 'let i = 0 | while i < 20000 | let i += 1 | endwhile | echo i' -c 'redir! > out | echo join(map(range(5), "v:val * v:val")) | redir END' -c 'qa!' </dev/null; cat out; echo
rm -f text sys out
