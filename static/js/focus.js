// A tap on the picture says what must stay in sight; the two numbers in the form say the same.
const place = document.querySelector("[data-focus]");
const hint = document.querySelector("[data-aim]");
const aim = place && document.querySelector(".pictured");
const picture = aim?.querySelector("img");
const [left, top] = place?.querySelectorAll("input[type=number]") ?? [];
const dot = document.createElement("span");

function mark() {
  dot.style.left = `${picture.offsetLeft + (picture.offsetWidth * (left.value || 50)) / 100}px`;
  dot.style.top = `${picture.offsetTop + (picture.offsetHeight * (top.value || 50)) / 100}px`;
}

if (picture && left && top) {
  aim.classList.add("aim");
  dot.className = "dot";
  aim.append(dot);
  hint.hidden = false;
  picture.addEventListener("click", (event) => {
    const seen = picture.getBoundingClientRect();
    left.value = Math.round((100 * (event.clientX - seen.left)) / seen.width);
    top.value = Math.round((100 * (event.clientY - seen.top)) / seen.height);
    mark();
  });
  place.addEventListener("input", mark);
  new ResizeObserver(mark).observe(picture);
}
