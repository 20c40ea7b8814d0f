/** The bundler writes what is imported so into `main.css` beside `main.js`. */
declare module '*.css';
