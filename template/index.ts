import { deployApp } from "./app";

export const { secretName, image } = deployApp();
