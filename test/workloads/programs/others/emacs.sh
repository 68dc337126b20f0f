# Emacs in batch mode: Lisp, big numbers, regular expressions, byte and native compilation, processes, Org export, Calc, threads.
cat >t.el <<'END'
(require 'cl-lib) (require 'calc) (require 'json)
(defun fib (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(princ (format "%d %d\n" (fib 20) (expt 2 200)))
(with-temp-buffer (insert-file-contents "words.txt") (goto-char (point-min)) (let ((n 0)) (while (re-search-forward "\\(zu\\)\\(f\\w*\\)" nil t) (setq n (1+ n)) (replace-match "\\2\\1")) (princ (format "%d %s\n" n (md5 (current-buffer))))) (sort-lines nil (point-min) (point-max)) (princ (format "%s\n" (buffer-substring (point-min) 30))))
(princ (format "%s %s\n" (calc-eval "deriv(x^3 + sin(x), x)") (calc-eval "nextprime(10^12)")))
(princ (format "%s" (shell-command-to-string "echo from shell; exit 0")))
(let ((p (make-process :name "cat" :command '("cat") :connection-type 'pipe :sentinel #'ignore :filter (lambda (_ s) (princ (format "got %s" s)))))) (process-send-string p "line\n") (process-send-eof p) (while (accept-process-output p 5)))
(princ (format "%s %s\n" (json-encode '((a . 1) (b . [1 2 "x"]))) (condition-case e (car 5) (wrong-type-argument (car e)))))
(let* ((sum 0) (ts (cl-loop for i below 4 collect (let ((i i)) (make-thread (lambda () (dotimes (j 100) (cl-incf sum (* i j)) (thread-yield)))))))) (mapc #'thread-join ts) (princ (format "%d\n" sum)))
(byte-compile 'fib) (princ (format "%d %s\n" (fib 22) (byte-code-function-p (symbol-function 'fib))))
(princ (format-time-string "%F %T\n" 0 t)) (princ (format "%.10f %S\n" (cl-loop for i from 1 to 1000 sum (/ 1.0 i)) (string-to-list "é€")))
(kill-emacs 6)
END
emacs -Q --batch -l t.el; echo "status $?"; printf '* Title\n- one\n- *two*\n| a | b |\n|---+---|\n| 1 | 2 |\n' >t.org; emacs -Q --batch t.org --eval "(setq org-export-time-stamp-file nil user-full-name \"A\")" -f org-ascii-export-to-ascii >/dev/null 2>&1; cat t.txt; emacs -Q --batch --eval '(error "oops")' 2>&1 | grep -c oops; rm -f t.el t.org t.txt
